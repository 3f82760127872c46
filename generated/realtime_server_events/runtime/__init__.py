# SPDX-License-Identifier: Apache-2.0
"""Code that does not depend on a spec; copied into every generated package as `runtime`.

It comes with eventwright and is under the Apache License 2.0. What eventwright generates around it from a spec is of
whoever wrote the spec.
"""
