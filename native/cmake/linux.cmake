# What only a build for Linux does.
target_compile_options(ostler_native PRIVATE -Wall -Wextra)
target_link_options(ostler_native PRIVATE -s)
# Static, so that the guard starts fast and on any Linux.
target_compile_options(ostler-guard PRIVATE -Wall -Wextra -O2)
target_compile_definitions(ostler-guard PRIVATE _GNU_SOURCE)
target_link_options(ostler-guard PRIVATE -static -s)
