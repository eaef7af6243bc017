using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Floor;

/// <summary>What one round of the floor came to.</summary>
public sealed record FloorRound(double PerSecond, CpuPerText Cpu, double LogBytesPerText);
