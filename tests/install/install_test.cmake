# Installs the build BUILD of SOURCE below PLACE: what is installed needs nothing of these two, and
# names neither. Then builds and runs the outside project EXAMPLE against it.
#   cmake -DSOURCE=. -DBUILD=build/release -DEXAMPLE=examples/googletest -DPLACE=/tmp/place
#         -P install_test.cmake
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${PLACE})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${PLACE}/prefix)

file(GLOB_RECURSE installed ${PLACE}/prefix/*)
foreach(folder ${SOURCE} ${BUILD})
  string(REGEX REPLACE "([][+.*()^$?|])" "\\\\\\1" pattern ${folder})
  foreach(file ${installed})
    file(STRINGS ${file} named LIMIT_COUNT 1 REGEX "(^|[^A-Za-z0-9_.-])${pattern}(/|$)")
    if(named)
      message(SEND_ERROR "${file} names ${folder}: ${named}")
    endif()
  endforeach()
endforeach()

# Elsewhere, so that no link of the build folder helps.
file(RENAME ${PLACE}/prefix ${PLACE}/moved)
run(${PLACE}/moved/bin/badmx --version)
execute_process(COMMAND ${PLACE}/moved/bin/badmx list gateways OUTPUT_VARIABLE senders COMMAND_ERROR_IS_FATAL ANY)
if(NOT senders MATCHES "smtplib")
  message(FATAL_ERROR "the installed badmx lists no smtplib among its gateways:\n${senders}")
endif()
run(${CMAKE_COMMAND} -S ${EXAMPLE} -B ${PLACE}/build -G Ninja -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_PREFIX_PATH=${PLACE}/moved)
run(${CMAKE_COMMAND} --build ${PLACE}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${PLACE}/build --output-on-failure --no-tests=error)
