"""What everything else stands on: names, goods, months, luck, facts, parameters, inputs."""
