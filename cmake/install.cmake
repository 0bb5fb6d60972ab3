# What an installation holds besides the programs, and the packages made of it (ci/release.sh). Man pages, completions and
# schemas come from the programs themselves, so they cannot disagree with them.

set(made ${PROJECT_BINARY_DIR}/share)
set(pages)

# sluice_page(<file below share/> <command>...): the file is what the command prints, and is installed there.
function(sluice_page file)
  cmake_path(GET file PARENT_PATH folder)
  file(MAKE_DIRECTORY ${made}/${folder})
  add_custom_command(OUTPUT ${made}/${file} COMMAND ${ARGN} > ${made}/${file} DEPENDS ${ARGV1} VERBATIM)
  set(pages ${pages} ${made}/${file} PARENT_SCOPE)
  install(FILES ${made}/${file} DESTINATION share/${folder})
endfunction()

get_property(tools GLOBAL PROPERTY SLUICE_TOOLS)
foreach(tool IN LISTS tools)
  sluice_page(man/man1/${tool}.1 ${tool} --help-man)
  sluice_page(bash-completion/completions/${tool} ${tool} --completion bash)
  sluice_page(zsh/vendor-completions/_${tool} ${tool} --completion zsh)
  sluice_page(fish/vendor_completions.d/${tool}.fish ${tool} --completion fish)
endforeach()
foreach(file sluice scan-gate model-gate)
  sluice_page(sluice/schemas/${file}.schema.json sluice-report schema ${file})
endforeach()
foreach(page man/man1/sluice-run.1 bash-completion/completions/sluice-run)
  sluice_page(${page} ${PROJECT_SOURCE_DIR}/cmake/run_page.sh ${page} ${PROJECT_SOURCE_DIR}/ci/run.sh)
endforeach()
add_custom_target(pages ALL DEPENDS ${pages})

install(PROGRAMS ci/run.sh DESTINATION bin RENAME sluice-run)
install(PROGRAMS ci/github.sh ci/gitlab.sh ci/promote.sh DESTINATION share/sluice/ci)
install(DIRECTORY policies DESTINATION share/sluice)  # found beside the programs (tools/policy-test/policies.cpp)
install(FILES README.md LICENSE DESTINATION share/doc/sluice)
install(DIRECTORY docs/ DESTINATION share/doc/sluice/docs)

# A package holds what was built; it does not build the tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_PACKAGE_CONTACT "The Sluice maintainers <sluice@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "checks what a GitOps repository would do to a Kubernetes cluster")
set(CPACK_PACKAGE_DESCRIPTION "Renders a GitOps repository as Argo CD or Flux would, validates every object as the API
server would, checks policies as Kyverno would, and carries released versions from
one environment to the next by commits.
Charts and overlays need the helm and kustomize that ci/tools.lock names on PATH.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # Depends: exactly the libraries that the programs load
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git")
include(CPack)
