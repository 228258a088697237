#pragma once
// What the process asks of the operating system at its start.

#include <string>

namespace cc::app {

/// New files are private, a peer that hung up is an error and not a signal, secrets do not end up
/// in core dumps or in another process's hands.
void harden_process();

/// As many open files as the system lets us have: each stream is one. Returns how many that are.
std::size_t raise_file_limit();

/// Identifies this run of the machine; empty where the system does not tell.
[[nodiscard]] std::string boot_id();

}  // namespace cc::app
