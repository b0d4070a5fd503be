# anketa_test(<room>/<file> SOURCES ... LIBS ... [LABELS ...] [TIMEOUT s])
# One cmocka program, one ctest entry. ANKETA_DATA and ANKETA_SOURCE reach it as
# environment variables; it exits 77 to be reported as skipped.
function(anketa_test name)
  cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;LIBS;LABELS;ARGS" ${ARGN})
  string(REPLACE "/" "_" exe "test_${name}")
  add_executable(${exe} ${A_SOURCES})
  target_link_libraries(${exe} PRIVATE ${A_LIBS} anketa_harness anketa_warnings)
  add_test(NAME ${name} COMMAND ${exe} ${A_ARGS})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 60)
  endif()
  if(NOT A_LABELS)
    set(A_LABELS unit)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${A_TIMEOUT}
    LABELS "${A_LABELS}" SKIP_RETURN_CODE 77
    ENVIRONMENT "ANKETA_DATA=${ANKETA_DATA};ANKETA_SOURCE=${CMAKE_SOURCE_DIR};ANKETA_BUILD=${CMAKE_BINARY_DIR};TZ=UTC")
endfunction()

# anketa_fuzz(<target> SOURCES fuzz_x.c LIBS ...): with ANKETA_FUZZ a libFuzzer
# program; otherwise the same code behind a driver that replays the corpus in
# tests/fuzz/corpus/<target>/ as an ordinary test.
function(anketa_fuzz name)
  cmake_parse_arguments(A "" "" "SOURCES;LIBS" ${ARGN})
  set(corpus "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
  if(ANKETA_FUZZ)
    add_executable(fuzz_${name} ${A_SOURCES})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name} ${A_SOURCES}
      "${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c")
    add_test(NAME fuzz/${name} COMMAND fuzz_${name} "${corpus}")
    set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
  target_link_libraries(fuzz_${name} PRIVATE ${A_LIBS} anketa_warnings)
endfunction()
