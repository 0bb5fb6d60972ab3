// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/chart.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <set>

namespace sluice::helm {
namespace {

constexpr std::size_t most_files = 20'000;
constexpr unsigned most_links =
    256;  ///< folders reached through links: they may go round in circles

Error outside(const std::string& link) {
  return {Error::Kind::usage,
          "the link " + text::printable(link) +
              " leads out of the repository: helm would read what it points to"};
}

/// A walk that follows links as Helm does, but never out of the repository.
class Walker {
 public:
  explicit Walker(const std::string& root) : root_(root) {}

  Status enter(const std::string& folder) {
    std::vector<io::Entry> entries;
    SLUICE_TRY_ASSIGN(entries, io::walk(root_ + "/" + folder,
                                        [](std::string_view name) { return name != ".git"; }));
    for (const auto& entry : entries) {
      const std::string path = folder == "." ? entry.path : folder + "/" + entry.path;
      if (entry.kind == io::EntryKind::file) {
        SLUICE_TRY(add(path));
      } else if (entry.kind == io::EntryKind::symlink) {
        SLUICE_TRY(follow(path));
      } else if (entry.kind == io::EntryKind::other) {
        return Error{Error::Kind::unsupported,
                     text::printable(path) + " is neither a file nor a folder"};
      }
    }
    return ok;
  }

  std::vector<std::string> take() {
    std::sort(files_.begin(), files_.end());
    return std::move(files_);
  }

 private:
  Status add(const std::string& path) {
    if (files_.size() >= most_files) {
      return Error{Error::Kind::limit,
                   "the folder holds more than " + std::to_string(most_files) + " files"};
    }
    files_.push_back(path);
    return ok;
  }

  Status follow(const std::string& path) {
    auto real = io::resolve_inside(root_, path);
    if (!real) {
      return real.error().kind == Error::Kind::usage
                 ? outside(path)
                 : Error{Error::Kind::not_found,
                         "the link " + text::printable(path) + " leads nowhere"};
    }
    if (io::kind_of(*real) != io::EntryKind::directory) {
      return add(path);
    }
    if (++links_ > most_links) {
      return Error{Error::Kind::limit,
                   "too many links, or they go round in a circle: " + text::printable(path)};
    }
    return enter(path);
  }

  const std::string& root_;
  std::vector<std::string> files_;
  unsigned links_ = 0;
};

}  // namespace

Result<std::vector<std::string>> list_files(const std::string& root, const std::string& folder) {
  if (auto real = io::resolve_inside(root, folder); !real) {
    return real.error().kind == Error::Kind::usage ? outside(folder) : real.error();
  }
  Walker walker(root);
  SLUICE_TRY(walker.enter(folder));
  return walker.take();
}

}  // namespace sluice::helm
