# Installs the build BUILD below PLACE, then builds and runs the outside project EXAMPLE against it.
#   cmake -DBUILD=build/release -DEXAMPLE=examples/googletest -DPLACE=/tmp/place -P install_test.cmake
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${PLACE})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${PLACE}/prefix)
run(${PLACE}/prefix/bin/badmx --version)
run(${CMAKE_COMMAND} -S ${EXAMPLE} -B ${PLACE}/build -G Ninja -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_PREFIX_PATH=${PLACE}/prefix)
run(${CMAKE_COMMAND} --build ${PLACE}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${PLACE}/build --output-on-failure --no-tests=error)
