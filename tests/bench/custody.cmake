anketa_bench(custody
  SOURCES custody.c
  LIBS anketa_store)
