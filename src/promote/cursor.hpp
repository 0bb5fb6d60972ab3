// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "edit/place.hpp"
#include "yaml/document.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::promote {

/// How a node was reached. Pointers are written out only for what is found, because a hostile file
/// could make them long.
struct Crumb {
  const Crumb* parent = nullptr;
  const yaml::Node* key = nullptr;  ///< nullptr in a list
  std::size_t index = 0;
};

/// A parsed text: a document of a file, or the YAML that a scalar of one holds.
struct Scene {
  const yaml::Document* document = nullptr;
  std::uint32_t index = 0;
  /// Of a text within: the document around it, its scalar and that scalar's place.
  const yaml::Document* outer = nullptr;
  const yaml::Node* outer_scalar = nullptr;
  edit::Place outer_place;
};

/// A node of a scene, or none. Cheap to copy; the scene and the crumbs must outlive it.
class Cursor {
 public:
  Cursor() = default;
  Cursor(const Scene& scene, std::deque<Crumb>& crumbs)
      : scene_(&scene), crumbs_(&crumbs), node_(&scene.document->root()) {}

  explicit operator bool() const { return node_ != nullptr; }
  [[nodiscard]] const yaml::Node& node() const { return *node_; }
  [[nodiscard]] const Scene& scene() const { return *scene_; }

  [[nodiscard]] bool is_mapping() const { return is(yaml::Kind::mapping); }
  [[nodiscard]] bool is_list() const { return is(yaml::Kind::sequence); }
  [[nodiscard]] bool is_scalar() const { return node_ != nullptr && node_->is_scalar(); }
  [[nodiscard]] bool is_string() const { return is(yaml::Kind::string); }
  /// The text of a scalar; empty for null, for collections and for none.
  [[nodiscard]] std::string_view text() const;
  /// The text of the member of that name.
  [[nodiscard]] std::string_view text(std::string_view key) const { return at(key).text(); }

  /// The member of that name, or none.
  [[nodiscard]] Cursor at(std::string_view key) const;
  [[nodiscard]] Cursor at(std::initializer_list<std::string_view> keys) const;
  /// The items of a list or the values of a mapping. Nothing of an alias: its bytes are elsewhere.
  [[nodiscard]] std::vector<Cursor> children() const;
  /// The key, for a value of a mapping; else empty.
  [[nodiscard]] std::string_view key() const;
  /// The key of the collection that holds this one.
  [[nodiscard]] std::string_view parent_key() const;

  [[nodiscard]] std::string path() const;
  /// Precondition: a scalar.
  [[nodiscard]] edit::Place place() const;

 private:
  [[nodiscard]] bool is(yaml::Kind kind) const { return node_ != nullptr && node_->kind == kind; }
  [[nodiscard]] Cursor down(const yaml::Node& node, const yaml::Node* key, std::size_t index) const;

  const Scene* scene_ = nullptr;
  std::deque<Crumb>* crumbs_ = nullptr;
  const yaml::Node* node_ = nullptr;
  const Crumb* crumb_ = nullptr;
};

}  // namespace sluice::promote
