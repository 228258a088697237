# One place for what every target is compiled with. Warnings are errors in our code; dependencies are SYSTEM.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

set(CC_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(CC_FUZZ "Build the fuzz targets (clang only)" OFF)

add_library(cc_flags INTERFACE)
# Designated initialisers name what differs from the defaults; the rest is meant to be left out.
target_compile_options(cc_flags INTERFACE
  -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Werror
  -fstack-protector-strong -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside the standard library and Asio once they are inlined; clang finds none.
  target_compile_options(cc_flags INTERFACE -Wno-null-dereference -Wno-maybe-uninitialized
    -Wno-stringop-overread -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-dangling-pointer -fconcepts-diagnostics-depth=2)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(cc_flags INTERFACE -Wthread-safety)  # base/guarded.h
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It takes a source that is included into another one for a header.
  target_compile_options(cc_flags INTERFACE -Wno-subobject-linkage)
endif()
if(CC_SANITIZE)
  target_compile_options(cc_flags INTERFACE -fsanitize=${CC_SANITIZE} -fno-sanitize-recover=all -O1)
  target_link_options(cc_flags INTERFACE -fsanitize=${CC_SANITIZE})
  if(CC_SANITIZE MATCHES "thread")
    # The thread sanitizer knows no fences. Asio has them around handlers, whose order its mutexes give already.
    target_compile_definitions(cc_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    target_compile_options(cc_flags INTERFACE -Wno-tsan)
  endif()
else()
  target_compile_definitions(cc_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=3>)
endif()
# Debian's compilers make position-independent programs by themselves.
option(CC_PORTABLE "Needs nothing but glibc at run time, is hardened, and has the same bytes whatever the folder" OFF)
if(CC_PORTABLE)
  target_compile_options(cc_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -fstack-clash-protection)
  target_link_options(cc_flags INTERFACE -static-libstdc++ -static-libgcc -Wl,-z,relro,-z,now,-z,noexecstack
    -Wl,-z,pack-relative-relocs -Wl,--gc-sections)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(cc_flags INTERFACE -fcf-protection)
  endif()
endif()
if(CC_FUZZ)
  # In tests too, which could do without: all share one precompiled header.
  target_compile_options(cc_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
