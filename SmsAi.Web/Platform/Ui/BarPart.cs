namespace SmsAi.Web.Platform.Ui;

/// <summary>One part of a <see cref="SegmentBar"/>: its name, its value as said, its share, and which of the five chart colours it takes.</summary>
public sealed record BarPart(string Name, string Value, double Weight, int Color);
