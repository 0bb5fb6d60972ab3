// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

/// The cases of fixtures/edit/*.txt. Anyone can add one: no code is needed.
///
///   # a comment of the table
///   == what the case shows
///   set /image/tag 1.4.3                 the change, and what else the case says
///   >>> envs/prd/values.yaml             a file; its bytes follow, up to the next ">>>" or "=="
///   image:
///     tag: «1.4.2→1.4.3»  # stays        as it was, and as it must be
///
/// All bytes outside «» are the same before and after by construction. Directives:
///   set PLACE VALUE      a change in the first file; PLACE is [INDEX:]POINTER[!INNER][@PART],
///   where
///                        PART is the text within the value that is replaced. VALUE may be ""
///   follow               aliases of the value change with it
///   image NAME=REF, model NAME=VERSION, marker NAME=REF, path FILE PATH=REF    chosen as
///                        promote/places.hpp says; also `in FILE`, `object KIND/NAME`,
///                        `container NAME`, `all`, `allow floating`, `allow rename`
///   previous TEXT, now TEXT    what the plan must say
///   refuse TEXT          nothing may change, and the message holds TEXT
///   eol crlf, bom, no-final-newline    how the first file's bytes are
namespace sluice::test {

struct CaseFile {
  std::string path, before, after;
};

struct EditCase {
  std::string table;  ///< "quoting.txt"
  std::string name;
  std::vector<std::pair<std::string, std::string>> directives;
  std::vector<CaseFile> files;

  [[nodiscard]] std::vector<std::string> all(const std::string& directive) const;
  [[nodiscard]] std::string one(const std::string& directive) const;
  [[nodiscard]] bool has(const std::string& directive) const;
};

/// All cases of the tables whose names begin with `prefix`, in order.
std::vector<EditCase> edit_cases(const std::string& prefix);

}  // namespace sluice::test
