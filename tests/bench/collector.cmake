anketa_bench(collector SOURCES bench_collector.c LIBS anketa_web anketa_xlsform)
