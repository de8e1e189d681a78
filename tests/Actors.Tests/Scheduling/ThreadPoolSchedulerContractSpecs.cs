namespace QTrade.Actors.Tests.Scheduling;

public sealed class ThreadPoolSchedulerContractSpecs() : SchedulerContract(new ThreadRig());
