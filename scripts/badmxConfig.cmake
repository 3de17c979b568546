# find_package(badmx): badmx::fixtures is what a test links, the others stand below it.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(OpenSSL 3.0)
find_dependency(fmt)
find_dependency(PkgConfig)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)
include("${CMAKE_CURRENT_LIST_DIR}/badmxTargets.cmake")
