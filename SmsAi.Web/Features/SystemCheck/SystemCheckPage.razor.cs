using Microsoft.AspNetCore.Components;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>Tests every setting and every party outside, on demand.</summary>
public sealed partial class SystemCheckPage
{
    [Inject] public required SystemCheckModel Model { get; init; }

    protected override void OnInitialized() => Watch(async leaving =>
    {
        await Model.RunAsync(leaving);
        StateHasChanged();
    });

    private Task RunAsync() => ReadAsync(Model.RunAsync);
}
