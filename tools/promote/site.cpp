// SPDX-License-Identifier: Apache-2.0
#include "promote/site.hpp"

#include "base/text.hpp"
#include "git/blobs.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace sluice::promote {

namespace {

/// What ssh-keygen and gpg need of this process's environment, and nothing else.
std::map<std::string, std::string> signing_environment() {
  std::map<std::string, std::string> env;
  for (const char* name : {"PATH", "HOME", "GNUPGHOME", "SSH_AUTH_SOCK", "TMPDIR"}) {
    if (std::string value = environment_variable(name); !value.empty()) {
      env.emplace(name, std::move(value));
    }
  }
  return env;
}

Result<std::string> cache_folder(const Settings& options) {
  if (!options.cache_dir.empty()) {
    return options.cache_dir;
  }
  if (const std::string xdg = environment_variable("XDG_CACHE_HOME"); !xdg.empty()) {
    return xdg + "/sluice/git";
  }
  if (const std::string home = environment_variable("HOME"); !home.empty()) {
    return home + "/.cache/sluice/git";
  }
  return Error{Error::Kind::usage, "there is no HOME to keep a copy in: name one with --cache"};
}

Result<git::Access> access_of(const Settings& options) {
  git::Access access;
  SLUICE_TRY_ASSIGN(access.token,
                    git::read_token(options.token_file, environment_variable("SLUICE_GIT_TOKEN")));
  access.ssh_key = options.ssh_key;
  access.known_hosts = options.known_hosts;
  access.ca_file = options.ca_file;
  access.proxy = options.proxy;
  if (!options.timeout.empty()) {
    const auto silence = time::parse_duration(options.timeout);
    if (!silence || silence->count() == 0) {
      return Error{Error::Kind::usage,
                   "--timeout " + text::printable(options.timeout) + " is no time such as 30s"};
    }
    access.silence = *silence;
  }
  return access;
}

}  // namespace

Result<git::Signing> signing_of(const Settings& options, const config::Config& config) {
  const config::Promote configured = config.promote.value_or(config::Promote{});
  const std::string& format =
      options.signing_format.empty() ? configured.signing_format : options.signing_format;
  git::Signing signing;
  if (format.empty() || format == "none" || options.push_with == "api") {
    return signing;
  }
  signing.format = format == "ssh" ? git::SignatureFormat::ssh : git::SignatureFormat::gpg;
  signing.key = options.signing_key.empty() ? configured.signing_key : options.signing_key;
  signing.env = signing_environment();
  if (signing.format == git::SignatureFormat::ssh && signing.key.empty()) {
    return Error{Error::Kind::usage, "--sign ssh needs --signing-key FILE"};
  }
  return signing;
}

std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string() : std::string(value);
}

Result<time::Seconds> clock_of(const cli::Common& common) {
  if (common.now.empty()) {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
  const auto now = time::parse(common.now);
  return now ? Result<time::Seconds>(*now)
             : Error{Error::Kind::usage, "--now " + text::printable(common.now) + " is no time"};
}

bool is_folder(const std::string& repository) {
  if (repository.find("://") != std::string::npos) {
    return false;
  }
  // A bare repository has both at its top.
  return io::kind_of(repository) != io::EntryKind::file && io::exists(repository) &&
         !(io::exists(repository + "/HEAD") && io::exists(repository + "/objects"));
}

Result<std::unique_ptr<Site>> Site::open(const Settings& options) {
  return open(options, {});
}

Result<std::unique_ptr<Site>> Site::open(const Settings& options, const Wrap& wrap) {
  std::unique_ptr<Site> site(new Site());
  site->runner_ = proc::make_runner();
  site->inner_ = git::make_transport(*site->runner_, git::find_helper());
  if (wrap) {
    site->transport_ = wrap(*site->inner_);
  }
  site->branch_ = options.branch.empty() ? "main" : options.branch;
  SLUICE_TRY_ASSIGN(site->access_, access_of(options));
  git::Upstream::Options where{.url = options.repository, .access = site->access_};
  SLUICE_TRY_ASSIGN(where.cache_dir, cache_folder(options));
  auto upstream = git::Upstream::open(
      std::move(where), site->transport_ ? *site->transport_ : *site->inner_, *site->runner_);
  if (!upstream) {
    return std::move(upstream.error());
  }
  site->upstream_.emplace(std::move(*upstream));
  return site;
}

Result<std::string> Site::tip(const std::string& branch) {
  git::Exchange fetched;
  SLUICE_TRY_ASSIGN(fetched, upstream_->fetch(branch));
  if (fetched.outcome == git::Outcome::done) {
    return fetched.tip;
  }
  return Error{
      fetched.outcome == git::Outcome::no_branch ? Error::Kind::not_found : Error::Kind::io,
      fetched.message};
}

Result<std::vector<std::string>> CommitTree::list(std::span<const std::string> globs) {
  std::vector<git::TreeFile> files;
  SLUICE_TRY_ASSIGN(files, upstream_.files(commit_, globs));
  std::vector<std::string> paths;
  for (git::TreeFile& file : files) {
    if (file.mode != git::Mode::link) {
      paths.push_back(std::move(file.path));
    }
  }
  return paths;
}

Status CommitTree::scan(std::span<const std::string> globs,
                        const std::function<bool(const std::string&)>& wanted,
                        const std::function<void(const std::string&, std::string_view)>& visit) {
  std::vector<git::TreeFile> files;
  SLUICE_TRY_ASSIGN(files, upstream_.files(commit_, globs));
  std::erase_if(files, [&](const git::TreeFile& file) {
    return file.mode == git::Mode::link || !wanted(file.path);
  });
  return git::read_blobs(
      upstream_.repository(), files,
      [&](const git::TreeFile& file, std::string_view bytes) { visit(file.path, bytes); });
}

Result<std::optional<std::string>> CommitTree::read(const std::string& path) {
  auto bytes = upstream_.read(commit_, path);
  if (bytes && bytes->mode != git::Mode::link) {
    return std::optional(std::move(bytes->bytes));
  }
  if (bytes || bytes.error().kind == Error::Kind::not_found) {
    return std::optional<std::string>();
  }
  return std::move(bytes.error());
}

Result<std::vector<std::string>> FolderTree::list(std::span<const std::string> globs) {
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(root_, [](std::string_view folder) {
                      return folder != ".git" && !folder.ends_with("/.git");
                    }));
  std::vector<std::string> paths;
  for (io::Entry& entry : entries) {
    if (entry.kind == io::EntryKind::file && std::ranges::any_of(globs, [&](const auto& glob) {
          return text::glob_match(glob, entry.path);
        })) {
      paths.push_back(std::move(entry.path));
    }
  }
  return paths;
}

Status FolderTree::scan(std::span<const std::string> globs,
                        const std::function<bool(const std::string&)>& wanted,
                        const std::function<void(const std::string&, std::string_view)>& visit) {
  std::vector<std::string> paths;
  SLUICE_TRY_ASSIGN(paths, list(globs));
  for (const std::string& path : paths) {
    std::optional<std::string> bytes;
    if (wanted(path)) {
      SLUICE_TRY_ASSIGN(bytes, read(path));
    }
    if (bytes) {
      visit(path, *bytes);
    }
  }
  return ok;
}

Result<std::optional<std::string>> FolderTree::read(const std::string& path) {
  const std::string whole = root_ + '/' + path;
  if (io::kind_of(whole) != io::EntryKind::file) {
    return std::optional<std::string>();
  }
  SLUICE_TRY(io::resolve_inside(root_, path));  // a link on the way leads nowhere else
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_file(whole, std::uint64_t{64} << 20U));
  return std::optional(std::move(bytes));
}

Result<config::Config> config_of(Tree& tree, const cli::Common& common) {
  if (!common.config.empty()) {
    return config::load(common.config, ".");
  }
  std::optional<std::string> text;
  SLUICE_TRY_ASSIGN(text, tree.read("sluice.yaml"));
  return text ? config::parse(std::move(*text), "sluice.yaml")
              : Result<config::Config>(config::Config{});
}

}  // namespace sluice::promote
