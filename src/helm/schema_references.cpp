// SPDX-License-Identifier: Apache-2.0
#include "helm/schema_references.hpp"

#include "base/text.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <vector>

namespace sluice::helm {
namespace {

constexpr std::string_view references[] = {"$ref", "$dynamicRef", "$recursiveRef", "$schema"};

std::string_view without_fragment(std::string_view address) {
  return address.substr(0, address.find('#'));
}

bool is_built_in(std::string_view address) {
  const auto scheme = address.find("://");
  return scheme != std::string_view::npos &&
         (address.substr(0, scheme) == "http" || address.substr(0, scheme) == "https") &&
         address.substr(scheme + 3).starts_with("json-schema.org/");
}

/// The texts of the keys that name schemas. What "$id" calls the file itself does not count: it is
/// ignored in places, and then Helm fetches the very address.
std::vector<std::string> named_in(const yaml::Document& document) {
  std::vector<std::string> named;
  std::vector<const yaml::Node*> open = {&document.root()};
  while (!open.empty()) {
    const auto& node = *open.back();
    open.pop_back();
    const auto children = document.children(node);
    for (std::size_t i = 0; i < children.size(); ++i) {
      open.push_back(&children[i]);
      const bool value = node.kind == yaml::Kind::mapping && i % 2 == 1;
      if (value && children[i].is_scalar() &&
          std::find(std::begin(references), std::end(references), children[i - 1].text) !=
              std::end(references)) {
        named.emplace_back(without_fragment(children[i].text));
      }
    }
  }
  return named;
}

}  // namespace

Status check_schema_references(std::string bytes, const std::string& file) {
  const auto shown = text::printable(file);
  const auto stream = yaml::parse(std::move(bytes), file);
  if (!stream || !stream->findings.empty() || stream->documents.size() != 1) {
    return Error{Error::Kind::parse, shown +
                                         " cannot be read as JSON with each key once, so what "
                                         "it refers to is not known"};
  }
  for (const auto& address : named_in(stream->documents.front())) {
    if (address.empty() || is_built_in(address)) {
      continue;
    }
    const bool remote = address.find("://") != std::string::npos && !address.starts_with("file:");
    return Error{remote ? Error::Kind::unsupported : Error::Kind::usage,
                 shown + " refers to " + text::printable(address, 200) +
                     (remote ? ", which is not in this repository: helm would fetch it"
                             : ", a file that helm would read from the disk") +
                     "; put the definitions into the schema itself"};
  }
  return ok;
}

}  // namespace sluice::helm
