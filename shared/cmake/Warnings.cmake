# Warning set for code we own, checked with gcc 12 and clang 14. Attached by
# anketa_library() and anketa_program(); never to third parties.
add_library(anketa_warnings INTERFACE)
target_compile_options(anketa_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Wshadow -Wconversion -Wsign-conversion -Wfloat-equal
  -Wcast-align -Wcast-qual -Wpointer-arith -Wwrite-strings
  -Wmissing-prototypes -Wmissing-declarations -Wstrict-prototypes
  -Wold-style-definition -Wredundant-decls -Wnested-externs
  -Wformat=2 -Wundef -Wvla -Wswitch-enum -Wimplicit-fallthrough
  -Wnull-dereference -Walloca -Wdate-time
  # Not clang: there NAN and INFINITY of <math.h> are promoted floats.
  $<$<C_COMPILER_ID:GNU>:-Wdouble-promotion -Wlogical-op -Wduplicated-cond -Wduplicated-branches
    -Wjump-misses-init -Wformat-signedness -Wformat-truncation=2
    -Wformat-overflow=2 -Wstringop-overflow=4 -Walloc-zero -Wtrampolines
    -Wcast-align=strict -Wrestrict -Warith-conversion>
  $<$<C_COMPILER_ID:Clang>:-Wcomma -Wassign-enum -Wconditional-uninitialized
    -Wloop-analysis -Wshift-sign-overflow -Wextra-semi-stmt
    -Wmissing-variable-declarations -Wunreachable-code-aggressive
    -Wheader-hygiene -Widiomatic-parentheses>)

# One library per room: anketa_library(form SOURCES a.c b.c
#   PUBLIC anketa_base PRIVATE PkgConfig::XML). Includes resolve from the tree
# the room stands in (shared/, sync/ or kiosk/): "form/form.h".
function(anketa_library room)
  cmake_parse_arguments(A "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(anketa_${room} STATIC ${A_SOURCES})
  target_link_libraries(anketa_${room}
    PUBLIC ${A_PUBLIC} PRIVATE ${A_PRIVATE} anketa_warnings)
  file(RELATIVE_PATH rel "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  string(REGEX REPLACE "/.*" "" tree "${rel}")
  target_include_directories(anketa_${room} PUBLIC "${CMAKE_SOURCE_DIR}/${tree}")
endfunction()

function(anketa_program name)
  cmake_parse_arguments(A "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE ${A_LIBS} anketa_warnings)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()
