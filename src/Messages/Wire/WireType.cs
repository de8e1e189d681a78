namespace QTrade.Messages.Wire;

/// <summary>How a protobuf field is laid out, as the encoding numbers it.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Delimited = 2,
    Fixed32 = 5,
}
