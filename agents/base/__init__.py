"""What actors stand on: tables of columns, sums over groups, state that can be copied, Mesa."""
