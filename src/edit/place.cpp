// SPDX-License-Identifier: Apache-2.0
#include "edit/place.hpp"

#include "base/text.hpp"
#include "edit/content.hpp"
#include "edit/tree.hpp"

#include <utility>

namespace sluice::edit {
namespace {

/// The scalar at the end of a trail. Errors (Kind::unsupported): it is none.
Result<const yaml::Node*> scalar_at(const yaml::Document& document, std::string_view path) {
  std::vector<const yaml::Node*> nodes;
  SLUICE_TRY_ASSIGN(nodes, trail(document, path));
  if (!nodes.back()->is_scalar()) {
    return Error{Error::Kind::unsupported,
                 place_text(document, *nodes.back()) + ": \"" + text::printable(path) + "\" is a " +
                     (nodes.back()->kind == yaml::Kind::mapping ? "mapping" : "list") +
                     ", not a single value"};
  }
  return nodes.back();
}

}  // namespace

std::string_view value_of(const yaml::Node& scalar) {
  return scalar.kind == yaml::Kind::null ? std::string_view{} : scalar.text;
}

std::string Place::text() const {
  return text::printable(location.file) + ':' + std::to_string(location.line) + ':' +
         std::to_string(location.column) + " (" + text::printable(path + inner) + ')';
}

Place place_of(const yaml::Document& document,
               std::uint32_t index,
               const yaml::Node& scalar,
               std::string path) {
  return {.file = document.source().file(),
          .document = index,
          .path = std::move(path),
          .kind = scalar.kind,
          .style = scalar.style,
          .value = std::string(value_of(scalar)),
          .begin = scalar.span.begin,
          .end = scalar.span.end,
          .location = document.in_stream(scalar)};
}

Place place_within(const yaml::Document& document,
                   const yaml::Node& scalar,
                   const Place& outer,
                   const yaml::Node& inner_scalar,
                   std::string inner) {
  Place place = outer;
  place.inner = std::move(inner);
  place.kind = inner_scalar.kind;
  place.style = inner_scalar.style;
  place.value = value_of(inner_scalar);
  place.end = place.begin;
  const auto content = Content::of(document, scalar);
  if (const auto source = content
                              ? content->source({inner_scalar.span.begin, inner_scalar.span.end})
                              : std::nullopt) {
    place.begin = source->begin;
    place.end = source->end;
    place.location = document.source().at(source->begin);
  }
  return place;
}

Result<Place> locate(std::string_view bytes,
                     const std::string& file,
                     std::uint32_t document,
                     std::string_view path,
                     std::string_view inner) {
  auto tree = Tree::read(bytes, file);
  if (!tree) {
    return std::move(tree.error());
  }
  const yaml::Document* outside = nullptr;
  SLUICE_TRY_ASSIGN(outside, tree->document(document));
  const yaml::Node* scalar = nullptr;
  SLUICE_TRY_ASSIGN(scalar, scalar_at(*outside, path));
  auto place = place_of(*outside, document, *scalar, std::string(path));
  if (inner.empty()) {
    return place;
  }
  const auto text = Tree::read_within(*scalar, file);
  if (!text) {
    return text.error();
  }
  const yaml::Document* inside = nullptr;
  SLUICE_TRY_ASSIGN(inside, text->document(0));
  const yaml::Node* inner_scalar = nullptr;
  SLUICE_TRY_ASSIGN(inner_scalar, scalar_at(*inside, inner));
  return place_within(*outside, *scalar, place, *inner_scalar, std::string(inner));
}

}  // namespace sluice::edit
