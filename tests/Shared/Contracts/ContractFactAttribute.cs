using Xunit;
using Xunit.Sdk;

namespace QTrade.Shared.Contracts;

/// <summary>A fact of a contract: skipped where what an implementation's specs need is not there (<see cref="NeedsServerAttribute"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("QTrade.Shared.Contracts.ContractDiscoverer", "QTrade.Shared")]
public sealed class ContractFactAttribute : FactAttribute;
