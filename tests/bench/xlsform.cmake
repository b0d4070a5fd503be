anketa_bench(form_compile SOURCES bench_xlsform.c stat.c
  LIBS anketa_xlsform anketa_base anketa_harness m)
