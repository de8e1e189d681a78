using QTrade.Markets.Venues;

namespace QTrade.Solana.Tokens;

/// <summary>A mint of SPL Token or Token-2022.</summary>
public readonly record struct MintAccount
{
    /// <summary>Its least length; Token-2022 appends extensions.</summary>
    public const int Size = 82;

    private const int SupplyAt = 36;
    private const int DecimalsAt = 44;
    private const int InitialisedAt = 45;
    private const int AccountTypeAt = 165;
    private const byte MintType = 1;
    private const int ExtensionsAt = 166;
    private const int ExtensionHeader = 4;
    private const int ExtensionsMax = 64;

    private const int TransferFeeSize = 108;
    private const int OlderAt = 72;
    private const int NewerAt = 90;
    private const int MaximumAt = 8;
    private const int BasisPointsAt = 16;

    /// <summary>Base units in being.</summary>
    public ulong Supply { get; private init; }

    /// <summary>Base units per whole token are ten to this power.</summary>
    public byte Decimals { get; private init; }

    /// <summary>The fee on transfers until the newer one takes effect.</summary>
    public TransferFee OlderFee { get; private init; }

    /// <summary>The fee on transfers from <see cref="NewerEpoch"/> on.</summary>
    public TransferFee NewerFee { get; private init; }

    /// <summary>The epoch from which the newer fee holds.</summary>
    public ulong NewerEpoch { get; private init; }

    /// <summary>The first extension under which what is received cannot be promised; 0 for none.</summary>
    public MintExtension Unsupported { get; private init; }

    /// <summary>The fee on transfers in an epoch.</summary>
    public TransferFee FeeAt(ulong epoch) => epoch >= NewerEpoch ? NewerFee : OlderFee;

    /// <summary>Reads a mint; owner and length first. A mint that cannot be traded safely is read and refused. No allocation.</summary>
    public static PoolRefusal TryRead(in AccountView view, out MintAccount mint)
    {
        mint = default;
        var isToken2022 = view.Owner == ProgramIds.Token2022;
        if (view.Owner != ProgramIds.Token && !isToken2022)
            return PoolRefusal.WrongAccount;
        var data = view.Data;
        if (data.Length < Size)
            return PoolRefusal.Truncated;
        mint = new MintAccount { Supply = Field.U64(data, SupplyAt), Decimals = data[DecimalsAt] };
        if (data[InitialisedAt] != 1)
            return PoolRefusal.Malformed;
        if (!isToken2022 || data.Length == Size)
            return PoolRefusal.None;
        return data.Length <= ExtensionsAt ? PoolRefusal.Truncated
            : data[AccountTypeAt] != MintType ? PoolRefusal.WrongAccount
            : ReadExtensions(data, ref mint);
    }

    private static PoolRefusal ReadExtensions(ReadOnlySpan<byte> data, ref MintAccount mint)
    {
        var at = ExtensionsAt;
        for (var count = 0; at + ExtensionHeader <= data.Length; count++)
        {
            var type = (MintExtension)Field.U16(data, at);
            if (type == MintExtension.None)
                break;
            var length = Field.U16(data, at + sizeof(ushort));
            at += ExtensionHeader;
            if (length > data.Length - at)
                return PoolRefusal.Truncated;
            if (count == ExtensionsMax)
                return PoolRefusal.Malformed;
            var body = data.Slice(at, length);
            at += length;
            if (type == MintExtension.TransferFeeConfig)
            {
                if (length < TransferFeeSize)
                    return PoolRefusal.Truncated;
                mint = mint with
                {
                    OlderFee = new TransferFee(Field.U16(body, OlderAt + BasisPointsAt), Field.U64(body, OlderAt + MaximumAt)),
                    NewerFee = new TransferFee(Field.U16(body, NewerAt + BasisPointsAt), Field.U64(body, NewerAt + MaximumAt)),
                    NewerEpoch = Field.U64(body, NewerAt),
                };
            }
            else if (!IsHarmless(type, body) && mint.Unsupported == MintExtension.None)
            {
                mint = mint with { Unsupported = type };
            }
        }

        return mint.Unsupported switch
        {
            MintExtension.None => mint.OlderFee.BasisPoints > 10_000 || mint.NewerFee.BasisPoints > 10_000 ? PoolRefusal.Malformed : PoolRefusal.None,
            MintExtension.TransferHook => PoolRefusal.TransferHook,
            _ => PoolRefusal.MintExtension,
        };
    }

    // Only what is known to leave transfers alone passes; what is not known is refused.
    private static bool IsHarmless(MintExtension type, ReadOnlySpan<byte> body) => type switch
    {
        MintExtension.MintCloseAuthority or MintExtension.InterestBearing or MintExtension.MetadataPointer or MintExtension.TokenMetadata
            or MintExtension.GroupPointer or MintExtension.TokenGroup or MintExtension.GroupMemberPointer or MintExtension.TokenGroupMember
            or MintExtension.ScaledUiAmount => true,
        MintExtension.DefaultAccountState => body.Length == 1 && body[0] == 1,
        _ => false,
    };
}
