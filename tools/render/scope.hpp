// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "render/graph.hpp"
#include "render/model.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::render {

/// The places of many scopes.
class Places {
 public:
  void add(const Scope& scope) { places_.insert(scope.places.begin(), scope.places.end()); }
  /// Whether the file is one of them, or lies below one.
  [[nodiscard]] bool hold(std::string_view file) const;

 private:
  std::set<std::string, std::less<>> places_;
};

/// The scopes of the units of one tree. Not safe from several threads.
class Scopes {
 public:
  Scopes(const delivery::Repository& repository, const Survey& survey)
      : repository_(repository), survey_(survey), graph_(survey) {}

  [[nodiscard]] Scope of(const delivery::Unit& unit);

 private:
  Scope of_chart(const std::string& folder);
  const Scope& known_chart(const std::string& folder);
  void add(const delivery::HelmSource& source, Scope& scope);
  void add(const delivery::KustomizeSource& source, Scope& scope);
  void add_place(std::string place, Scope& scope);
  Words words_of(const std::string& file);
  Words words_below(const std::string& place);

  const delivery::Repository& repository_;
  const Survey& survey_;
  Graph graph_;
  std::map<std::string, Scope> charts_;
  std::map<std::string, Words> words_, places_;
};

}  // namespace sluice::render
