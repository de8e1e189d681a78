using System.Collections.Immutable;

namespace QTrade.Solana.Rpc;

/// <summary>Which accounts of a program to find: those of a length, with bytes at offsets.</summary>
/// <param name="Program">The program.</param>
/// <param name="DataSize">Length of the account's data; null for any.</param>
/// <param name="Matches">Bytes that must stand at an offset.</param>
public sealed record ProgramQuery(Address Program, int? DataSize, ImmutableArray<(int Offset, ImmutableArray<byte> Bytes)> Matches);
