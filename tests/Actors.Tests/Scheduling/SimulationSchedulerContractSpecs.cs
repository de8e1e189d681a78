namespace QTrade.Actors.Tests.Scheduling;

public sealed class SimulationSchedulerContractSpecs() : SchedulerContract(new SimulationRig());
