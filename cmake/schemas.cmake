# The schemas of Kubernetes come from one pinned package on PyPI, at build time; nothing is
# downloaded at run time.

find_package(Python3 3.8 REQUIRED COMPONENTS Interpreter)

set(SLUICE_SCHEMA_SHA256 85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9)
file(GLOB wheels ${PROJECT_SOURCE_DIR}/.cache/wheels/kubernetes_validate-1.37.0-*.whl)
set(SLUICE_SCHEMA_WHEEL "${wheels}" CACHE FILEPATH "The wheel kubernetes-validate 1.37.0")
if(NOT SLUICE_SCHEMA_WHEEL AND wheels)
  set(SLUICE_SCHEMA_WHEEL "${wheels}" CACHE FILEPATH "" FORCE)
endif()
if(NOT EXISTS "${SLUICE_SCHEMA_WHEEL}")
  message(FATAL_ERROR "The Kubernetes schemas are missing. Get them with\n"
    "  python3 -m venv .cache/venv && .cache/venv/bin/pip download --no-deps -d .cache/wheels"
    " kubernetes-validate==1.37.0\n"
    "in ${PROJECT_SOURCE_DIR}, or name the wheel with -DSLUICE_SCHEMA_WHEEL=FILE")
endif()
file(SHA256 "${SLUICE_SCHEMA_WHEEL}" found)
if(NOT found STREQUAL SLUICE_SCHEMA_SHA256)
  message(FATAL_ERROR
    "${SLUICE_SCHEMA_WHEEL} has sha256\n  ${found}, not\n  ${SLUICE_SCHEMA_SHA256}")
endif()

# sluice_embed_schemas(<out>): schemas of Kubernetes and of schemas/ as a C++ source.
function(sluice_embed_schemas out)
  file(GLOB_RECURSE own CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/schemas/*.yaml)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_schemas.py)
  set(rules ${PROJECT_SOURCE_DIR}/schemas/kubernetes-rules.json)
  get_filename_component(folder ${out} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${out}
    COMMAND ${Python3_EXECUTABLE} ${script} --wheel ${SLUICE_SCHEMA_WHEEL} --rules ${rules}
            --schemas ${PROJECT_SOURCE_DIR}/schemas --out ${out}
    DEPENDS ${script} ${rules} ${own} VERBATIM COMMENT "Embedding the Kubernetes schemas")
endfunction()
