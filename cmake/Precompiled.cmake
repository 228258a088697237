# Two precompiled headers: the standard library for everybody, Asio and Beast for the few files that use them.

set(CC_PCH_HOME ${CMAKE_BINARY_DIR} CACHE PATH "Where clang's precompiled headers have their sources")

# clang writes the absolute path of the header into what it makes of it. If that were a path of this clone, the compiler's
# cache could not serve another clone: so it is compiled from a copy that all clones share, in a folder named for its text.
file(READ cmake/pch_std.h pch_std)
file(READ cmake/pch_net.h pch_net)
string(SHA256 pch_print "${pch_std}${pch_net}")
string(SUBSTRING ${pch_print} 0 16 pch_print)
set(pch_dir ${CC_PCH_HOME}/${pch_print})

function(cc_make_precompiled name header)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_library(${name} OBJECT ${pch_dir}/${header})
    set_source_files_properties(${pch_dir}/${header} PROPERTIES LANGUAGE CXX)
    target_compile_options(${name} PRIVATE "SHELL:-x c++-header" -fpch-instantiate-templates)
  else()
    file(WRITE ${CMAKE_BINARY_DIR}/pch.cc "// Carries a precompiled header; holds no code.\n")
    add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/pch.cc)
    target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/${header})
  endif()
  target_link_libraries(${name} PRIVATE cc_flags ${ARGN})
endfunction()

foreach(header pch_std.h pch_net.h)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS cmake/${header})
  file(MAKE_DIRECTORY ${pch_dir})
  file(COPY_FILE cmake/${header} ${pch_dir}/${header} ONLY_IF_DIFFERENT)
endforeach()
cc_make_precompiled(cc_pch_std pch_std.h)
cc_make_precompiled(cc_pch_net pch_net.h cc_net)

function(cc_use_precompiled name from)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${name} PRIVATE "SHELL:-include-pch $<TARGET_OBJECTS:${from}>" -Winvalid-pch)
    add_dependencies(${name} ${from})
  else()
    target_precompile_headers(${name} REUSE_FROM ${from})
  endif()
endfunction()

# A precompiled header for NAME: the one with Asio and Beast, and what they need, where it is HEAVY.
function(cc_precompiled name scope heavy)
  if(heavy)
    cc_use_precompiled(${name} cc_pch_net)
    target_link_libraries(${name} ${scope} cc_net)
  else()
    cc_use_precompiled(${name} cc_pch_std)
  endif()
endfunction()
