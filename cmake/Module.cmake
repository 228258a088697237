# For tests that read tests/fixtures. A header and not a flag: as a flag it would keep other clones' compiler caches from
# serving any test.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/source_dir.h
  CONTENT "#pragma once\n#define CC_SOURCE_DIR \"${PROJECT_SOURCE_DIR}\"\n")

# cc_module(NAME SOURCES... DEPS... [HEAVY])
#   A folder of src/ as one library. Its headers are reached as "NAME/header.h", and only by a module that
#   names it in DEPS: each module has an include directory of its own that holds nothing but a link to the folder,
#   so an include against the direction of the architecture does not compile.
#   HEAVY: uses Asio or Beast, so it takes the precompiled header that holds them.
#   APART FOLDER: its sources use the same names for their own tables, so a release compiles each by itself. All other
#   sources are compiled a dozen at a time (CMAKE_UNITY_BUILD), which takes a third of the time.
# cc_testing(NAME SOURCES... DEPS... [HEAVY])
#   What only tests use of a folder (its testing/), as a library of its own. No module may name it in DEPS, so none of it
#   is shipped.
# cc_test(NAME SOURCES... DEPS...)
#   A GoogleTest program in bin/, registered with CTest.
function(cc_module name)
  cmake_parse_arguments(arg "HEAVY" "DIR;APART" "SOURCES;DEPS" ${ARGN})
  if("${arg_DEPS}" MATCHES "_testing")
    message(FATAL_ERROR "${name} is shipped and must not depend on what is for tests: ${arg_DEPS}")
  endif()
  if(NOT arg_DIR)
    set(arg_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  if(arg_APART)
    set(apart ${arg_SOURCES})
    list(FILTER apart INCLUDE REGEX "^${arg_APART}/")
    set_source_files_properties(${apart} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include/${name})
  file(CREATE_LINK ${arg_DIR} ${CMAKE_BINARY_DIR}/include/${name}/${name} SYMBOLIC)
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_BINARY_DIR}/include/${name})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE cc_flags)
  cc_precompiled(${name} PUBLIC "${arg_HEAVY}")
endfunction()

function(cc_testing name)
  cmake_parse_arguments(arg "HEAVY" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE cc_flags)
  cc_precompiled(${name} PUBLIC "${arg_HEAVY}")
endfunction()

# The target `checks` builds all that CTest runs. A release leaves it out: tests run in debug and sanitizer builds.
add_custom_target(checks)
function(cc_is_check name)
  add_dependencies(checks ${name})
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

function(cc_test name)
  cmake_parse_arguments(arg "HEAVY" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  cc_is_check(${name})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} cc_flags GTest::gmock GTest::gtest_main)
  cc_precompiled(${name} PRIVATE "${arg_HEAVY}")
  target_include_directories(${name} PRIVATE ${CMAKE_BINARY_DIR}/generated)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS "unit;${arg_LABELS}")
endfunction()

# cc_fuzz(NAME SOURCES... DEPS... [HEAVY])
#   A function that takes any bytes (tests/fuzz/fuzzing.h). It is a test that is handed the kept corpus,
#   tests/fuzz/corpus/NAME. In the preset `asan` libFuzzer does that, and makes up more (./dev test fuzz).
function(cc_fuzz name)
  cmake_parse_arguments(arg "HEAVY" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz)
  target_link_libraries(${name} PRIVATE ${arg_DEPS} cc_flags)
  cc_precompiled(${name} PRIVATE "${arg_HEAVY}")
  if(CC_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(once -runs=0)
  else()
    target_link_libraries(${name} PRIVATE read_corpus)
  endif()
  cc_is_check(${name})
  add_test(NAME ${name} COMMAND ${name} ${once} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS unit)
endfunction()

# cc_program(NAME)
#   A program of the release: its debug information stands beside it in NAME.debug, where debuggers find it.
function(cc_program name)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND ${CMAKE_OBJCOPY} --only-keep-debug $<TARGET_FILE:${name}> $<TARGET_FILE:${name}>.debug
      COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=$<TARGET_FILE:${name}>.debug $<TARGET_FILE:${name}>
      VERBATIM)
  endif()
endfunction()
