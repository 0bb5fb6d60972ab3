// SPDX-License-Identifier: Apache-2.0
#include "rules/forms.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::rules {
namespace {

constexpr std::size_t label_limit = 63;
constexpr std::size_t subdomain_limit = 253;

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}
constexpr bool is_lower_word(char c) {
  return is_lower(c) || is_digit(c);
}
constexpr bool is_word(char c) {
  return is_letter(c) || is_digit(c);
}

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

/// Lower case letters, digits and '-' inside; no length.
bool is_label_shape(std::string_view text) {
  return !text.empty() && is_lower_word(text.front()) && is_lower_word(text.back()) &&
         all(text, [](char c) { return is_lower_word(c) || c == '-'; });
}

/// The same with '_', which may also stand first.
bool is_underscore_label(std::string_view text) {
  if (text.starts_with('_')) {
    text.remove_prefix(1);
  }
  return !text.empty() && is_lower_word(text.front()) && is_lower_word(text.back()) &&
         all(text, [](char c) { return is_lower_word(c) || c == '-' || c == '_'; });
}

template <class Part>
bool is_dotted(std::string_view text, Part part) {
  if (text.size() > subdomain_limit) {
    return false;
  }
  for (;;) {
    const auto dot = text.find('.');
    if (!part(text.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(dot + 1);
  }
}

bool is_subdomain(std::string_view text) {
  return is_dotted(text, is_label_shape);
}

bool is_qualified_part(std::string_view text) {
  return !text.empty() && text.size() <= label_limit && is_word(text.front()) &&
         is_word(text.back()) &&
         all(text, [](char c) { return is_word(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_qualified_name(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return is_qualified_part(text);
  }
  return is_subdomain(text.substr(0, slash)) && is_qualified_part(text.substr(slash + 1));
}

bool is_port_name(std::string_view text) {
  return !text.empty() && text.size() <= 15 && text.front() != '-' && text.back() != '-' &&
         text.find("--") == std::string_view::npos &&
         all(text, [](char c) { return is_lower_word(c) || c == '-'; }) &&
         std::any_of(text.begin(), text.end(), is_lower);
}

/// Neither a step up in a path nor a hidden parent.
bool climbs(std::string_view text) {
  return text == "." || text.starts_with("..");
}

bool is_env_name(std::string_view text) {
  const auto inner = [](char c) { return is_word(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && !is_digit(text.front()) && all(text, inner) && !climbs(text);
}

bool is_relaxed_env_name(std::string_view text) {
  return !text.empty() && all(text, [](char c) { return c >= ' ' && c <= '~' && c != '='; });
}

bool is_config_key(std::string_view text) {
  return !text.empty() && text.size() <= subdomain_limit && !climbs(text) &&
         all(text, [](char c) { return is_word(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_percent(std::string_view text) {
  return text.size() >= 2 && text.back() == '%' && all(text.substr(0, text.size() - 1), is_digit);
}

bool is_domain_path(std::string_view text) {
  constexpr std::string_view marks = "/-._~%!$&'()*+,;=:";
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) {
    return false;
  }
  return is_subdomain(text.substr(0, slash)) && all(text.substr(slash + 1), [&](char c) {
           return is_word(c) || marks.find(c) != std::string_view::npos;
         });
}

/// Segments of lower case letters, digits, '-' and '_' with '.' or '/' between.
bool is_sysctl(std::string_view text) {
  if (text.size() > subdomain_limit) {
    return false;
  }
  for (;;) {
    const auto end = text.find_first_of("./");
    const std::string_view part = text.substr(0, end);
    if (part.empty() || !is_lower_word(part.front()) || !is_lower_word(part.back()) ||
        !all(part, [](char c) { return is_lower_word(c) || c == '-' || c == '_'; })) {
      return false;
    }
    if (end == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(end + 1);
  }
}

/// A subdomain in either case, at most 63 in all.
bool is_csi_driver(std::string_view text) {
  return text.size() <= label_limit && is_dotted(text, [](std::string_view part) {
           return !part.empty() && is_word(part.front()) && is_word(part.back()) &&
                  all(part, [](char c) { return is_word(c) || c == '-'; });
         });
}

bool is_path_segment(std::string_view text) {
  return text != "." && text != ".." && text.find_first_of("/%") == std::string_view::npos;
}

struct Row {
  Form form;
  bool (*check)(std::string_view);
  std::string_view demand;
  std::string_view description;
};

constexpr std::array rows{
    Row{Form::dns_label,
        [](std::string_view t) { return t.size() <= label_limit && is_label_shape(t); },
        "be a DNS label (RFC 1123)",
        "lower case letters, digits and '-', at most 63, a letter or digit first and last"},
    Row{Form::dns_1035_label,
        [](std::string_view t) {
          return t.size() <= label_limit && is_label_shape(t) && is_lower(t.front());
        },
        "be a DNS label (RFC 1035)",
        "lower case letters, digits and '-', at most 63, a letter first, a letter or digit last"},
    Row{Form::dns_subdomain, is_subdomain, "be a DNS subdomain (RFC 1123)",
        "lower case letters, digits, '-' and '.', at most 253, each part with a letter or digit "
        "first and last"},
    Row{Form::underscore_subdomain,
        [](std::string_view t) { return is_dotted(t, is_underscore_label); }, "be a DNS name",
        "lower case letters, digits, '-', '_' and '.', at most 253"},
    Row{Form::wildcard_subdomain,
        [](std::string_view t) {
          return t.size() <= subdomain_limit && t.starts_with("*.") && is_subdomain(t.substr(2));
        },
        "be \"*.\" and a DNS subdomain", "one '*' as the whole first part: *.example.com"},
    Row{Form::path_segment, is_path_segment, "be usable as a part of a path",
        "neither '.' nor '..', and without '/' and '%'"},
    Row{Form::qualified_name, is_qualified_name, "be a qualified name",
        "letters, digits, '-', '_' and '.', at most 63, a letter or digit first and last; before "
        "it a DNS subdomain and '/', if wanted"},
    Row{Form::label_value, [](std::string_view t) { return t.empty() || is_qualified_part(t); },
        "be a label value",
        "letters, digits, '-', '_' and '.', at most 63, a letter or digit first and last"},
    Row{Form::port_name, is_port_name, "be a port name (IANA_SVC_NAME)",
        "at most 15 lower case letters, digits and single '-' between them, with a letter"},
    Row{Form::config_key, is_config_key, "be a file name",
        "letters, digits, '-', '_' and '.', at most 253, not beginning with '..'"},
    Row{Form::env_name, is_env_name, "be the name of an environment variable",
        "letters, digits, '_', '-' and '.', no digit first"},
    Row{Form::relaxed_env_name, is_relaxed_env_name, "be the name of an environment variable",
        "printable ASCII without '='"},
    Row{Form::header_name,
        [](std::string_view t) {
          return !t.empty() && all(t, [](char c) { return is_word(c) || c == '-'; });
        },
        "be the name of an HTTP header", "letters, digits and '-'"},
    Row{Form::percent, is_percent, "be a whole number or a percentage",
        "write a number without quotes, or one such as \"25%\""},
    Row{Form::domain_path, is_domain_path, "be a path that begins with a domain",
        "such as acme.io/foo"},
    Row{Form::sysctl, is_sysctl, "be the name of a sysctl", "such as kernel.shm_rmid_forced"},
    Row{Form::csi_driver, is_csi_driver, "be the name of a CSI driver",
        "a domain of at most 63 characters, such as csi.example.com"},
};

const Row& row(Form form) {
  return rows.at(static_cast<std::size_t>(form));
}

static_assert([] {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].form) != i) {
      return false;
    }
  }
  return true;
}());

}  // namespace

bool has_form(Form form, std::string_view text) {
  return row(form).check(text);
}

bool has_form_as_prefix(Form form, std::string_view text) {
  if (form == Form::path_segment || text.size() < 2 || !text.ends_with('-')) {
    return has_form(form, text);
  }
  return has_form(form, std::string(text.substr(0, text.size() - 2)) + 'a');
}

std::string_view demand(Form form) {
  return row(form).demand;
}

std::string_view describe(Form form) {
  return row(form).description;
}

bool contains_backstep(std::string_view path) {
  for (;;) {
    const auto slash = path.find('/');
    if (path.substr(0, slash) == "..") {
      return true;
    }
    if (slash == std::string_view::npos) {
      return false;
    }
    path.remove_prefix(slash + 1);
  }
}

}  // namespace sluice::rules
