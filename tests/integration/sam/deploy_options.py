"""What `sam deploy` makes of its arguments and samconfig.toml, by SAM CLI's own parser.

Run in `.venv-sam`, in the folder where `sam` would be; the arguments are SAM CLI's. Prints JSON.
"""

import json
import os
import sys

os.environ["SAM_CLI_TELEMETRY"] = "0"

from samcli.commands.deploy.command import cli

context = cli.make_context("deploy", sys.argv[1:])
options = {name: context.params[name] for name in ("parameter_overrides", "stack_name")}
options |= {"template": str(context.params["template_file"]), "region": context.obj.region}
options |= {"confirm": context.params["confirm_changeset"]}
print(json.dumps(options))
