namespace QTrade.Solana;

/// <summary>Accounts of which none of a program is missing, so that all arrays of a pool can be listed.</summary>
public interface IWholeProgram
{
    /// <summary>The tick arrays of a pool; false where some may be missing.</summary>
    bool TryTickArrays(in Address pool, out IReadOnlyList<Address> arrays);
}
