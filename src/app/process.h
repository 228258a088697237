#pragma once
// What the process asks of the operating system at its start.

#include <string>

namespace cc::app {

/// Standard input, output and error are there, if only as something that cannot be written: else
/// the next file that is opened would stand in their place, and be written over by a log line.
/// New files are private, a peer that hung up is an error and not a signal, secrets do not end up
/// in core dumps or in another process's hands.
void harden_process();

/// Whether nobody reads standard output any more: a closed pipe. Never waits.
[[nodiscard]] bool output_is_closed();

/// As many open files as the system lets us have: each stream is one. Returns how many that are.
std::size_t raise_file_limit();

/// Identifies this run of the machine; empty where the system does not tell.
[[nodiscard]] std::string boot_id();

}  // namespace cc::app
