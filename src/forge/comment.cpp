// SPDX-License-Identifier: Apache-2.0
#include "forge/comment.hpp"

#include "base/text.hpp"
#include "forge/comment_thread.hpp"

#include <algorithm>

namespace sluice::forge {

namespace {

/// How often the comments are read before what is there is taken for settled. Two jobs need three.
constexpr unsigned most_rounds = 6;
/// Writes of the same text: a forge that shows old text after the second is behind, not wrong.
constexpr unsigned most_writes = 3;

struct Ours {
  Comment comment;
  Stamp stamp;
};

/// Forges may change line ends, and blanks at the end.
bool same_text(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view text) {
    return std::string(text::trim(text::replace_all(std::string(text), "\r\n", "\n")));
  };
  return plain(a) == plain(b);
}

class Poster {
 public:
  Poster(Caller& caller, const Sticky& sticky)
      : caller_(caller),
        thread_(caller, sticky.pull_request),
        sticky_(sticky),
        body_(marker(sticky.tool, sticky.key, sticky.stamp) + '\n' + sticky.text) {}

  Result<Posting> run() {
    author_ = sticky_.author;
    if (author_.empty()) {
      SLUICE_TRY_ASSIGN(author_, thread_.self());
    }
    for (unsigned round = 0; round < most_rounds; ++round) {
      std::vector<Ours> ours;
      SLUICE_TRY_ASSIGN(ours, read());
      std::optional<Posting> posting;
      SLUICE_TRY_ASSIGN(posting, ours.empty() ? begin() : keep(ours));
      if (posting) {
        return *posting;
      }
    }
    return Error{Error::Kind::io,
                 "the comment does not settle: others write it, or delete it, at the same time"};
  }

 private:
  /// Our comments, the one to keep first: of the newest run, of those the oldest comment. All jobs
  /// choose the same one.
  Result<std::vector<Ours>> read() {
    std::vector<Comment> all;
    SLUICE_TRY_ASSIGN(all, thread_.list());
    // A list may be behind what was just made.
    if (made_ && std::ranges::none_of(all, [&](const auto& c) { return c.id == made_->id; })) {
      all.push_back(*made_);
    }
    std::vector<Ours> ours;
    for (Comment& comment : all) {
      const auto stamp = read_marker(comment.body, sticky_.tool, sticky_.key);
      if (stamp && comment.author == author_) {
        ours.push_back({std::move(comment), *stamp});
      }
    }
    std::ranges::sort(ours, [](const Ours& a, const Ours& b) {
      return is_newer(a.stamp, b.stamp) ||
             (!is_newer(b.stamp, a.stamp) && a.comment.id < b.comment.id);
    });
    return ours;
  }

  /// There is none yet.
  Result<std::optional<Posting>> begin() {
    if (sticky_.wanted == Sticky::Wanted::gone) {
      return std::optional(finished(duplicates_ == 0 ? Posted::absent : Posted::removed, ""));
    }
    if (sticky_.absent == Sticky::Absent::leave) {
      return std::optional(finished(Posted::absent, ""));
    }
    if (writes_ == most_writes) {
      return lost_ ? Result<std::optional<Posting>>(*lost_) : std::optional<Posting>();
    }
    if (lost_) {
      SLUICE_TRY(caller_.wait(std::chrono::seconds(writes_), "no answer"));
    }
    ++writes_;
    auto made = thread_.create(body_);
    if (!made && made.error().kind != Error::Kind::io) {
      return std::move(made.error());
    }
    if (made) {
      made_ = std::move(*made);
    } else {
      lost_ = std::move(made.error());  // it may be there all the same: the next round looks
    }
    did_ = Posted::created;
    return std::optional<Posting>();
  }

  Result<std::optional<Posting>> keep(const std::vector<Ours>& ours) {
    const Ours& first = ours.front();
    const bool wanted = sticky_.wanted == Sticky::Wanted::there;
    const bool right = wanted && (same_text(first.comment.body, body_) || writes_ == most_writes);
    if (right && ours.size() == 1) {
      return std::optional(finished(did_, first.comment.url));
    }
    bool stale = is_newer(first.stamp, sticky_.stamp);
    if (!stale) {
      SLUICE_TRY_ASSIGN(stale, has_moved_on());
    }
    if (stale) {
      return yield_to(first);
    }
    if (wanted && !right) {
      ++writes_;
      SLUICE_TRY(update(first.comment.id));
      return std::optional<Posting>();
    }
    for (std::size_t i = wanted ? 1 : 0; i < ours.size(); ++i) {
      SLUICE_TRY(thread_.remove(ours[i].comment.id));
      ++duplicates_;
    }
    return std::optional(wanted ? finished(did_, first.comment.url)
                                : finished(Posted::removed, ""));
  }

  /// A write of an older run could land after a newer run has seen its own to be right, and no
  /// forge has a write with a condition. So a run whose commit is no longer the newest one changes
  /// nothing that is there.
  Result<bool> has_moved_on() {
    if (sticky_.stamp.commit.empty()) {
      return false;
    }
    std::string head;
    SLUICE_TRY_ASSIGN(head, thread_.head());
    return !head.empty() && head != sticky_.stamp.commit;
  }

  /// To the newer run: nothing goes but what this run has made itself.
  Result<std::optional<Posting>> yield_to(const Ours& first) {
    if (made_ && made_->id != first.comment.id) {
      SLUICE_TRY(thread_.remove(made_->id));
    }
    return std::optional(finished(Posted::superseded, first.comment.url));
  }

  Status update(std::uint64_t id) {
    Thread::Change change{};
    SLUICE_TRY_ASSIGN(change, thread_.update(id, body_));
    if (change == Thread::Change::gone) {
      made_.reset();
    } else if (did_ == Posted::unchanged) {
      did_ = Posted::updated;
    }
    return ok;
  }

  [[nodiscard]] Posting finished(Posted what, const std::string& url) const {
    return {.what = what, .url = url, .duplicates = duplicates_};
  }

  Caller& caller_;
  Thread thread_;
  const Sticky& sticky_;
  std::string body_;
  std::string author_;
  std::optional<Comment> made_;  ///< by us, just now
  std::optional<Error> lost_;    ///< of a creation without an answer
  Posted did_ = Posted::unchanged;
  unsigned writes_ = 0;
  std::size_t duplicates_ = 0;
};

}  // namespace

Result<Posting> post(const http::Client& client,
                     const Project& project,
                     const Access& access,
                     const Sticky& sticky) {
  Caller caller(client, project, access);
  return Poster(caller, sticky).run();
}

}  // namespace sluice::forge
