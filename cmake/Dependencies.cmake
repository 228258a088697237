# All of these are Debian 12 packages; `./dev` installs them. Found once, linked only by the modules that use them.
# A portable build takes their static forms; where Debian has none, those that dev.d/libraries.sh has made.
if(CC_PORTABLE)
  set(Boost_USE_STATIC_LIBS ON)
  set(OPENSSL_USE_STATIC_LIBS ON)
  find_library(SQLite3_LIBRARY libsqlite3.a REQUIRED)
endif()
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url json)
find_package(OpenSSL 3 REQUIRED)
find_package(simdjson REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
if(CC_PORTABLE)
  add_library(tomlplusplus::tomlplusplus INTERFACE IMPORTED)  # Debian's headers have all of it
else()
  find_package(tomlplusplus REQUIRED)
endif()
find_package(prometheus-cpp REQUIRED)
find_package(GTest REQUIRED)

# What a translation unit with Asio or Beast in it needs.
add_library(cc_net INTERFACE)
target_link_libraries(cc_net INTERFACE Boost::headers Boost::url Boost::json OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(cc_net INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
# Asio's coroutine frames trip this check of g++ 12 without being at fault.
target_compile_options(cc_net INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)

