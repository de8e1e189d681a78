namespace QTrade.Solana;

/// <summary>What a pool needs an account for.</summary>
public enum AccountRole
{
    /// <summary>A token account that holds one side's reserve.</summary>
    Vault,

    /// <summary>The mint of one side.</summary>
    Mint,

    /// <summary>The pool's configuration: fee rates.</summary>
    Config,

    /// <summary>A tick array around the price.</summary>
    TickArray,

    /// <summary>A bin array around the active bin.</summary>
    BinArray,

    /// <summary>The bitmap of arrays far from the price.</summary>
    BitmapExtension,

    /// <summary>A lending vault that a pool keeps its reserve in, its share accounts and its share mint.</summary>
    LendingVault,
}
