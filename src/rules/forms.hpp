// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::rules {

/// The forms of text that the API server asks for (k8s.io/apimachinery, util/validation and
/// api/validation/path; RFC 1123, RFC 1035, RFC 6335).
enum class Form : std::uint8_t {
  dns_label,             ///< RFC 1123 label: at most 63 of a-z, 0-9 and '-'
  dns_1035_label,        ///< the same, beginning with a letter: Services
  dns_subdomain,         ///< labels with dots between: at most 253; most names
  underscore_subdomain,  ///< the same, with '_' too: DNS search paths since 1.33
  wildcard_subdomain,    ///< "*." and a subdomain
  path_segment,          ///< anything but "/", "%", "." and "..": names of RBAC
  qualified_name,        ///< keys of labels: an optional "prefix/", then at most 63
  label_value,           ///< at most 63, may be empty
  port_name,             ///< RFC 6335 (IANA_SVC_NAME): at most 15, with a letter
  config_key,            ///< keys of ConfigMaps and Secrets
  env_name,              ///< of environment variables, before 1.32
  relaxed_env_name,      ///< since 1.32: printable ASCII but '='
  header_name,           ///< HTTP
  percent,               ///< digits and '%'
  domain_path,           ///< "acme.io/foo"
  sysctl,
  csi_driver,
};

bool has_form(Form form, std::string_view text);

/// Whether a text has the form as the beginning of a longer one: the server looks at its last '-'
/// as if something followed.
bool has_form_as_prefix(Form form, std::string_view text);

/// "be a DNS label (RFC 1123)", to follow "it must".
std::string_view demand(Form form);

/// "lower case letters, digits and '-', ...", for a hint.
std::string_view describe(Form form);

bool contains_backstep(std::string_view path);  ///< a ".." between slashes

}  // namespace sluice::rules
