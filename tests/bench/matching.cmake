anketa_bench(matching
  SOURCES matching.c matching_generator.c
  LIBS anketa_matching)
target_include_directories(bench_matching PRIVATE "${CMAKE_SOURCE_DIR}/tests")
