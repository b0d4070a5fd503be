anketa_bench(matching
  SOURCES matching.c matching_generator.c
  LIBS anketa_matching anketa_voting)
target_include_directories(bench_matching PRIVATE "${CMAKE_SOURCE_DIR}/tests")
