anketa_bench(form SOURCES bench_form.c LIBS anketa_form anketa_base)
