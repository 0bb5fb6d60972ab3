// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::support {

/// A member of an archive, as a person who means no good would write it.
struct Member {
  enum class Is : std::uint8_t { file, symbolic_link, hard_link, device };

  std::string name;   ///< taken as it is: "/etc/passwd", "../x"
  std::string bytes;  ///< of a file; of a link what it leads to
  Is is = Is::file;
};

/// A gzip-compressed tar archive. The same members give the same bytes. Throws std::runtime_error
/// when it cannot be written; folders above it are made.
void write_archive(const std::string& path, const std::vector<Member>& members);

}  // namespace sluice::support
