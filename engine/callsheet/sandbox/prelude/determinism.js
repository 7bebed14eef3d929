// determinism
