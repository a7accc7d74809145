"""The few names of the pairing library that drand needs (optional dependency)."""

from py_ecc.bls.g2_primitives import subgroup_check
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import decompress_G1, decompress_G2
from py_ecc.fields import optimized_bls12_381_FQ12 as FQ12
from py_ecc.optimized_bls12_381.optimized_curve import G2, is_inf, neg
from py_ecc.optimized_bls12_381.optimized_pairing import final_exponentiate, pairing

__all__ = [
    "FQ12",
    "G2",
    "decompress_G1",
    "decompress_G2",
    "final_exponentiate",
    "hash_to_G1",
    "is_inf",
    "neg",
    "pairing",
    "subgroup_check",
]
