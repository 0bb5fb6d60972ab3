// SPDX-License-Identifier: Apache-2.0
#include "policy/files.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

namespace sluice::policy {

namespace {

void visit_object(const Value& object, const std::function<void(const Value&)>& visit, int depth) {
  constexpr int deepest_list = 8;
  const Value items = object.get({"items"});
  if (object.text({"kind"}).ends_with("List") && items.is(jmespath::Type::array) &&
      depth < deepest_list) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      visit_object(items.at(i), visit, depth + 1);
    }
  } else if (object.is(jmespath::Type::object)) {
    visit(object);
  }
}

}  // namespace

Result<Manifests> parse_manifests(std::string bytes, const std::string& name) {
  auto stream = yaml::parse(std::move(bytes), name);
  if (!stream) {
    return stream.error();
  }
  for (const auto& finding : stream->findings) {
    if (finding.severity == diag::Severity::error) {
      return Error{Error::Kind::parse, finding.location.file + ":" +
                                           std::to_string(finding.location.line) + ": " +
                                           finding.message};
    }
  }
  return Manifests(std::make_shared<const yaml::Stream>(std::move(*stream)));
}

Result<Manifests> read_manifests(const std::string& path) {
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_file(path));
  return parse_manifests(std::move(bytes), path);
}

void for_each_object(const yaml::Stream& stream, const std::function<void(const Value&)>& visit) {
  for (const auto& document : stream.documents) {
    visit_object(Value::of(document, document.root()), visit, 0);
  }
}

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? "."
         : slash == 0                    ? "/"
                                         : std::string(path.substr(0, slash));
}

std::string joined_path(std::string_view folder, std::string_view relative) {
  const std::string whole = relative.starts_with('/') || folder.empty()
                                ? std::string(relative)
                                : std::string(folder) + "/" + std::string(relative);
  std::vector<std::string> parts;
  for (const auto part : text::split(whole, '/')) {
    if (part.empty() || part == ".") {
      continue;
    }
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else {
      parts.emplace_back(part);
    }
  }
  const std::string clean = text::join(parts, "/");
  return whole.starts_with('/') ? "/" + clean : clean.empty() ? "." : clean;
}

}  // namespace sluice::policy
