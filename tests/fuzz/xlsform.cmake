foreach(target xlsx csv md)
  anketa_fuzz(${target} SOURCES fuzz_${target}.c LIBS anketa_xlsform)
  target_include_directories(fuzz_${target} PRIVATE
    "${CMAKE_SOURCE_DIR}/tests/fuzz")
endforeach()
