using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Shell.Finding;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Lists the keys that act here, and keeps whether single letters do.</summary>
public sealed partial class KeysHelp
{
    private IReadOnlyList<NavigationItem> _pages = [];
    private IReadOnlyList<PaletteAct> _acts = [];
    private bool _singleKeys = true;
    private bool _isSaving;
    private bool _isChosen;
    private string? _fault;

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [Inject] public required Pages Pages { get; init; }

    [Inject] public required IEnumerable<PaletteAct> Acts { get; init; }

    [Inject] public required OperatorPreferences Preferences { get; init; }

    protected override async Task OnInitializedAsync()
    {
        if (Authentication is null) return;
        _pages = await Pages.ForAsync(Authentication);
        _acts = [.. Acts.Where(act => act.Keys.Count > 1)];
        if (await OperatorAsync() is not { } id) return;
        try
        {
            var kept = await Preferences.SingleKeysAsync(id, CancellationToken.None);
            // Whoever was faster than the database has said what she wants.
            if (!_isChosen) _singleKeys = kept;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            // They are on until the database says otherwise.
        }
    }

    private async Task<long?> OperatorAsync() =>
        Authentication is not null && long.TryParse((await Authentication).User.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id) ? id : null;

    private async Task SwitchAsync(bool on)
    {
        if (await OperatorAsync() is not { } id) return;
        (_isSaving, _isChosen, _fault) = (true, true, null);
        try
        {
            await Preferences.SetSingleKeysAsync(id, on, CancellationToken.None);
            _singleKeys = on;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not kept: the database doesn't answer.";
        }
        finally
        {
            _isSaving = false;
        }
    }
}
