# Three verbs, so that the root CMakeLists.txt stays a list: a library, a tool, a test program.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# "version.hpp": sluice::version, from project(VERSION).
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/version.hpp @ONLY CONTENT
[[#pragma once
#include <string_view>
namespace sluice {
inline constexpr std::string_view version = "@PROJECT_VERSION@";
}
]])

add_library(sluice_options INTERFACE)
target_compile_features(sluice_options INTERFACE cxx_std_20)
target_compile_options(sluice_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  -Wno-missing-field-initializers  # we name the fields we set
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false positive on string + string, g++ 12 at -O2
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# sluice_library(<folder> [SOURCES ...] [GENERATED ...] [USES <folder>...] [LINKS <package target>...])
# src/<folder>/ as one static library; GENERATED files lie below build/<preset>/generated/. LINKS stay private to the folder: nobody else sees the package.
function(sluice_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;GENERATED;USES;LINKS")
  list(TRANSFORM arg_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/${folder}/)
  list(TRANSFORM arg_GENERATED PREPEND ${PROJECT_BINARY_DIR}/generated/)
  list(TRANSFORM arg_USES PREPEND sluice::)
  if(arg_SOURCES)
    add_library(sluice_${folder} STATIC ${arg_SOURCES} ${arg_GENERATED})
    target_include_directories(sluice_${folder} PUBLIC ${PROJECT_SOURCE_DIR}/src
                                                PRIVATE ${PROJECT_BINARY_DIR}/generated)
    target_link_libraries(sluice_${folder} PUBLIC ${arg_USES} PRIVATE sluice_options ${arg_LINKS})
  else()
    add_library(sluice_${folder} INTERFACE)
    target_include_directories(sluice_${folder} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(sluice_${folder} INTERFACE ${arg_USES})
  endif()
  target_compile_features(sluice_${folder} INTERFACE cxx_std_20)
  add_library(sluice::${folder} ALIAS sluice_${folder})
endfunction()

# sluice_tool(<name> SOURCES ... USES <folder>...)
# tools/<name>/ as a library that tests can link, and main.cpp over it as build/<preset>/bin/sluice-<name>.
function(sluice_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  list(TRANSFORM arg_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/tools/${name}/)
  list(TRANSFORM arg_USES PREPEND sluice::)
  add_library(tool_${name} STATIC ${arg_SOURCES})
  target_include_directories(tool_${name} PUBLIC ${PROJECT_SOURCE_DIR}/tools)
  target_link_libraries(tool_${name} PUBLIC sluice::cli ${arg_USES} PRIVATE sluice_options)
  add_executable(sluice-${name} ${PROJECT_SOURCE_DIR}/tools/${name}/main.cpp)
  # A program loads only the packages that it uses: src/http without its own client needs no libcurl.
  target_link_options(sluice-${name} PRIVATE -Wl,--as-needed)
  target_link_libraries(sluice-${name} PRIVATE tool_${name} sluice_options)
  set_target_properties(sluice-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  set_property(GLOBAL APPEND PROPERTY SLUICE_TOOLS sluice-${name})
  install(TARGETS sluice-${name})
endfunction()

# sluice_test(<name> SOURCES ... [LINKS <target>...]): one GoogleTest program, one CTest entry of that name.
function(sluice_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${name}_test ${arg_SOURCES})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_test PRIVATE SLUICE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                  SLUICE_BIN_DIR="${PROJECT_BINARY_DIR}/bin")
  target_link_libraries(${name}_test PRIVATE sluice_options ${arg_LINKS} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()
