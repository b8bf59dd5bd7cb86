# Rego policy, written by Plimsoll from the profile recommended.
# Servers: empty (as 'empty')
package plimsoll["empty"]

import rego.v1

default decision := "deny"

decision := words[input.tool] if definitions[input.tool] == input.definition

words := {
}

definitions := {
}

limits := {
}

approvals := {
}

hidden := {
}
