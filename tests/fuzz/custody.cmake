foreach(target batch bundle enrol receipt record)
  anketa_fuzz(${target} SOURCES fuzz_${target}.c LIBS anketa_wire)
endforeach()
