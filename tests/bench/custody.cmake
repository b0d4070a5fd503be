anketa_bench(custody
  SOURCES custody.c
  LIBS anketa_store)
# Measures the programs themselves, so it is one of the tables, too.
configure_file("${CMAKE_SOURCE_DIR}/tests/bench/programs.py"
  "${CMAKE_BINARY_DIR}/bench/programs" COPYONLY)
