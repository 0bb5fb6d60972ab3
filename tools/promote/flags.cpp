// SPDX-License-Identifier: Apache-2.0
#include "promote/commands.hpp"
#include "promote/run.hpp"

#include <memory>

namespace sluice::promote {

namespace {

using cli::Arity;
using cli::Flag;
using Flags = std::vector<Flag>;

std::function<Status(const std::string&)> into(std::string& target) {
  return [&target](const std::string& value) -> Status {
    target = value;
    return ok;
  };
}

std::function<Status(const std::string&)> into(std::vector<std::string>& target) {
  return [&target](const std::string& value) -> Status {
    target.push_back(value);
    return ok;
  };
}

std::function<Status(const std::string&)> turn_on(bool& target) {
  return [&target](const std::string&) -> Status {
    target = true;
    return ok;
  };
}

void append(Flags& flags, Flags more) {
  flags.insert(flags.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

/// Where the repository is, and how it is reached.
Flags reach(Settings& o) {
  return {
      {"repository", 0, Arity::one, "URL",
       "Work on this repository: an address (https, ssh, file), a bare repository, or a folder, "
       "whose files are then changed in place (default: .)",
       into(o.repository)},
      {"branch", 0, Arity::one, "NAME", "Work on this branch (default: main)", into(o.branch)},
      {"cache", 0, Arity::one, "DIR",
       "Keep copies of repositories here (default: ~/.cache/sluice/git)", into(o.cache_dir)},
      {"token-file", 0, Arity::one, "FILE",
       "Read the token for HTTPS from FILE (default: the variable SLUICE_GIT_TOKEN)",
       into(o.token_file)},
      {"ssh-key", 0, Arity::one, "FILE", "Use this private key for SSH (default: the agent)",
       into(o.ssh_key)},
      {"known-hosts", 0, Arity::one, "FILE",
       "Believe only these host keys (default: ~/.ssh/known_hosts)", into(o.known_hosts)},
      {"ca-file", 0, Arity::one, "FILE", "Believe these certificates (PEM)", into(o.ca_file)},
      {"proxy", 0, Arity::one, "URL", "Use this proxy; auto: what *_proxy variables say",
       into(o.proxy)},
      {"timeout", 0, Arity::one, "TIME", "Give up a server that is silent for so long (30s)",
       into(o.timeout)},
  };
}

/// How a commit is made and pushed.
Flags commit(Settings& o) {
  return {
      {"dry-run", 0, Arity::switch_on, "", "Print the change as a diff, and change nothing",
       turn_on(o.dry_run)},
      {"no-check", 0, Arity::switch_on, "",
       "Push without rendering and judging the result first; the commit says so",
       turn_on(o.no_check)},
      {"author", 0, Arity::one, "PERSON", "The commit's author: \"Ada <ada@example.com>\"",
       into(o.author)},
      {"sign",
       0,
       Arity::one,
       "FORMAT",
       "Sign the commit",
       into(o.signing_format),
       {"ssh", "gpg", "none"}},
      {"signing-key", 0, Arity::one, "KEY", "Sign with this file (ssh) or key id (gpg)",
       into(o.signing_key)},
      {"tries", 0, Arity::one, "N", "Push at most N times when others are quicker (20)",
       into(o.tries)},
  };
}

Flags set_flags(Settings& o) {
  Flags flags = {
      {"to", 0, Arity::one, "ENV", "Promote to this environment", into(o.to)},
      {"from", 0, Arity::one, "ENV",
       "Take the version from this environment, where none is given (default: the one before)",
       into(o.from)},
      {"image", 0, Arity::repeatable, "NAME[:TAG][@DIGEST]",
       "Promote this image; without a version, the one that the environment before holds",
       into(o.images)},
      {"model", 0, Arity::repeatable, "NAME[=URI]", "Promote this model", into(o.models)},
      {"set", 0, Arity::repeatable, "FILE:PATH=VALUE", "Set one value by its place", into(o.sets)},
      {"all-places", 0, Arity::switch_on, "",
       "Change every place where the image stands; else several are an error",
       turn_on(o.all_places)},
      {"object", 0, Arity::one, "KIND/NAME", "Only in this object", into(o.object)},
      {"container", 0, Arity::one, "NAME", "Only in this container", into(o.container)},
      {"evidence", 0, Arity::repeatable, "FILE",
       "A gate's verdict for exactly this digest (sluice.evidence/v1)", into(o.evidence)},
      {"source-commit", 0, Arity::one, "ID", "The commit that the image was built from; recorded",
       into(o.source_commit)},
      {"expect-old", 0, Arity::one, "VERSION",
       "Refuse if something else stands there than this version", into(o.expect_old)},
      {"allow-downgrade", 0, Arity::switch_on, "", "Allow a version that is older",
       turn_on(o.allow_downgrade)},
  };
  append(flags, commit(o));
  append(flags, reach(o));
  return flags;
}

cli::Command command(const std::shared_ptr<Settings>& options,
                     std::string_view name,
                     std::string_view synopsis,
                     std::string_view help,
                     Flags flags,
                     Result<diag::Report> (*run)(const Settings&,
                                                 const cli::Common&,
                                                 std::ostream&)) {
  return {.name = name,
          .synopsis = synopsis,
          .help = help,
          .flags = std::move(flags),
          .run = [options, run](const cli::Common& common, std::ostream& product) {
            return run(*options, common, product);
          }};
}

}  // namespace

cli::Tool tool() {
  const auto o = std::make_shared<Settings>();
  return {
      .name = "sluice-promote",
      .summary = "Carries a released image or model to the next environment, by one commit",
      .product = cli::Product::data,
      .commands = {command(o, "set", "--to ENV --image NAME:TAG... [--repository URL]",
                           "Changes the version in the files of an environment and no other byte, "
                           "and pushes one commit. Refuses what sluice.yaml does not allow: a "
                           "version that the environments before do not hold, a freeze, a hold, a "
                           "missing verdict, a step back. When somebody else pushes first, the "
                           "change is evaluated again on what they pushed. What is so already is "
                           "left alone, and is a success.",
                           set_flags(*o), run_set)},
      .usual = "set",
  };
}

}  // namespace sluice::promote
