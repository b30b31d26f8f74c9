# What only a build for Windows does, by mingw-w64 or by MSVC.
set(GROUPS ${CMAKE_SOURCE_DIR}/src/windows/processor_groups.c)
target_sources(ostler_native PRIVATE ${GROUPS})
target_sources(ostler-guard PRIVATE ${GROUPS})
target_include_directories(ostler-guard PRIVATE src/windows)
# Windows 10 and Server 2016 on.
foreach(TARGET ostler_native ostler-guard)
  target_compile_definitions(${TARGET} PRIVATE
    WIN32_LEAN_AND_MEAN NOMINMAX UNICODE _UNICODE WINVER=0x0A00 _WIN32_WINNT=0x0A00 NTDDI_VERSION=0x0A00000C)
  target_link_libraries(${TARGET} PRIVATE ntdll)
endforeach()

if(MSVC)
  target_compile_options(ostler_native PRIVATE /W4)
  target_compile_options(ostler-guard PRIVATE /W4)
  # cmake-js gives the import library of node.exe, and the hook by which a host of another name is found.
  if(CMAKE_JS_NODELIB_DEF AND CMAKE_JS_NODELIB_TARGET)
    execute_process(COMMAND ${CMAKE_AR} /def:${CMAKE_JS_NODELIB_DEF} /out:${CMAKE_JS_NODELIB_TARGET}
      ${CMAKE_STATIC_LINKER_FLAGS})
  endif()
  target_sources(ostler_native PRIVATE ${CMAKE_JS_SRC})
  target_link_libraries(ostler_native PRIVATE ${CMAKE_JS_LIB} delayimp)
  target_link_options(ostler_native PRIVATE /DELAYLOAD:node.exe)
  return()
endif()

# The same for mingw-w64. Extensions that MSVC does not have are errors here.
foreach(TARGET ostler_native ostler-guard)
  target_compile_options(${TARGET} PRIVATE -Wall -Wextra -Wpedantic -Werror=pedantic -O2)
  set_target_properties(${TARGET} PROPERTIES C_EXTENSIONS OFF)
  target_link_options(${TARGET} PRIVATE -static -s)
endforeach()
# wmain() is the entry for arguments that are no ASCII.
target_link_options(ostler-guard PRIVATE -municode)

execute_process(
  COMMAND node -p "require('node-api-headers').def_paths.node_api_def"
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  OUTPUT_VARIABLE NODE_API_DEF
  OUTPUT_STRIP_TRAILING_WHITESPACE)
set(NODE_API_LIB ${CMAKE_BINARY_DIR}/libnode_api.a)
execute_process(COMMAND ${CMAKE_DLLTOOL} -d ${NODE_API_DEF} -y ${NODE_API_LIB} COMMAND_ERROR_IS_FATAL ANY)
target_sources(ostler_native PRIVATE ${CMAKE_SOURCE_DIR}/src/windows/delay_load_hook.c)
target_link_libraries(ostler_native PRIVATE ${NODE_API_LIB})
set_target_properties(ostler_native PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/Release
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/Release)
