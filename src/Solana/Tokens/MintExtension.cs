namespace QTrade.Solana.Tokens;

/// <summary>Extensions of a Token-2022 mint, by the numbers that they have in the account.</summary>
public enum MintExtension : ushort
{
    None = 0,
    TransferFeeConfig = 1,
    MintCloseAuthority = 3,
    ConfidentialTransfer = 4,
    DefaultAccountState = 6,
    NonTransferable = 9,
    InterestBearing = 10,
    PermanentDelegate = 12,
    TransferHook = 14,
    ConfidentialTransferFee = 16,
    MetadataPointer = 18,
    TokenMetadata = 19,
    GroupPointer = 20,
    TokenGroup = 21,
    GroupMemberPointer = 22,
    TokenGroupMember = 23,
    ConfidentialMintBurn = 24,
    ScaledUiAmount = 25,
    Pausable = 26,
}
